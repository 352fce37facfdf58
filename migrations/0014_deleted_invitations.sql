-- Before an invitation is deleted, the places that came by it are looked for.
CREATE INDEX place_of_invitation ON place (institution, invitation);
