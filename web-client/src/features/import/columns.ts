/** What files may be about. */
export const TABLES = ['people', 'groups', 'lessons'] as const;
export type Table = (typeof TABLES)[number];

export interface Column {
  name:
    | 'external_id'
    | 'name'
    | 'role'
    | 'sign_in'
    | 'mail'
    | 'group'
    | 'first_name'
    | 'language'
    | 'course'
    | 'capacity'
    | 'key'
    | 'trainer'
    | 'title'
    | 'unit'
    | 'date'
    | 'start'
    | 'end'
    | 'minutes'
    | 'room'
    | 'repeat'
    | 'until'
    | 'except';
  needed?: true;
  hint?:
    | 'person'
    | 'role'
    | 'first_name'
    | 'language'
    | 'capacity'
    | 'key'
    | 'course'
    | 'trainer'
    | 'date'
    | 'start'
    | 'end'
    | 'repeat'
    | 'until'
    | 'except';
}

/** The columns that the server takes (src/import), in the order in which it writes them. */
export const COLUMNS: Record<Table, readonly Column[]> = {
  people: [
    { name: 'external_id', hint: 'person' },
    { name: 'name', needed: true },
    { name: 'role', needed: true, hint: 'role' },
    { name: 'sign_in' },
    { name: 'mail' },
    { name: 'group' },
    { name: 'first_name', hint: 'first_name' },
    { name: 'language', hint: 'language' },
  ],
  groups: [
    { name: 'course', needed: true },
    { name: 'group', needed: true },
    { name: 'capacity', hint: 'capacity' },
  ],
  lessons: [
    { name: 'key', hint: 'key' },
    { name: 'course', hint: 'course' },
    { name: 'group', needed: true },
    { name: 'trainer', needed: true, hint: 'trainer' },
    { name: 'title', needed: true },
    { name: 'unit' },
    { name: 'date', needed: true, hint: 'date' },
    { name: 'start', needed: true, hint: 'start' },
    { name: 'end', hint: 'end' },
    { name: 'minutes' },
    { name: 'room' },
    { name: 'repeat', hint: 'repeat' },
    { name: 'until', hint: 'until' },
    { name: 'except', hint: 'except' },
  ],
};
