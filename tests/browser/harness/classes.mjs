/** What everybody of these tests signs in with. */
export const PASSWORD = 'trois moteurs à courant continu';

const NOBODY = { trainer: false, trainee: false, committee: false, administrator: false };

/** A course with its programme, a group of it, and who gives and follows it, made by calls. */
export class Classes {
  static async begin(school) {
    const made = new Classes();
    made.school = school;
    made.course = await make(school, 'courses', {
      title: 'Électricité automobile',
      language: 'fr',
      sector: 'Automobile',
      level: 'Technicien',
      description: 'Diagnostiquer et réparer les circuits électriques d’une voiture.\n\nNiveau : troisième année du collège.',
      offered: true,
      capacity: 2,
    });
    const course = `/api/institutions/{institution}/courses/${made.course.id}`;
    const units = ['La batterie', 'Le circuit de charge'].map((title) => ({ title, planned_minutes: 330 }));
    await school.call('PUT', `${course}/units`, { units }, { 'if-match': '"1"' });
    made.group = await make(school, 'groups', { course: made.course.id, name: 'Groupe EA-204' });
    made.venue = await make(school, 'venues', { name: 'Atelier 2', capacity: 16 });
    made.trainer = await make(school, 'people', { name: 'Fatima-Zahra El Idrissi', roles: { ...NOBODY, trainer: true } });
    made.other = await make(school, 'people', { name: 'عبد اللطيف بنجلون', roles: { ...NOBODY, trainer: true } });
    made.trainee = await make(school, 'people', { name: 'سلمى أوشن', roles: { ...NOBODY, trainee: true } });
    await school.call('PUT', `${course}/trainers/${made.trainer.id}`);
    await school.call('PUT', `/api/institutions/{institution}/groups/${made.group.id}/members/${made.trainee.id}`);
    return made;
  }

  /** Somebody of them in front of a browser, signed in. */
  async arrive(person, language, viewport) {
    const { school } = this;
    const seat = await school.arrive(language, viewport);
    const { url } = await school.call('POST', `/api/institutions/{institution}/people/${person.id}/link`);
    const data = { secret: url.split('#')[1], password: PASSWORD };
    const origin = school.server.url;
    const accepted = await seat.context.request.post(`${origin}/api/account-links/accept`, { data, headers: { origin } });
    if (!accepted.ok()) throw new Error(`${person.name} can't sign in: ${accepted.status()} ${await accepted.text()}`);
    return seat;
  }
}

function make(school, what, body) {
  return school.call('POST', `/api/institutions/{institution}/${what}`, body);
}
