/** The day of an instant by this browser's clock, as a date field has it. */
export function dateOf(micros: number | null | undefined): string {
  if (micros === null || micros === undefined) return '';
  const date = new Date(micros / 1000);
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** The end of a day; none where there is no day. */
export function endOf(date: string): number | null {
  const end = new Date(`${date}T23:59:59`).getTime();
  return Number.isNaN(end) ? null : end * 1000;
}
