import type { RoleSet } from '../../api/schema.gen';
import { t as frame } from '../school/words';
import { t } from './words';

export const ROLES = ['trainee', 'trainer', 'committee', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Which roles somebody has. */
export function rolesOf(set: RoleSet): Role[] {
  return ROLES.filter((role) => set[role]);
}

/** Roles as the server takes them. */
export function setOf(roles: readonly Role[]): RoleSet {
  const has = (role: Role) => roles.includes(role);
  return {
    trainer: has('trainer'),
    trainee: has('trainee'),
    committee: has('committee'),
    administrator: has('administrator'),
  };
}

/** Somebody's roles in one line. */
export function rolesText(roles: readonly Role[]): string {
  return roles.map((role) => t(`role.${role}`)).join(frame('frame.comma'));
}
