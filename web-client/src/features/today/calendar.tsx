import { CalendarFeed, feedTitle } from '../calendar/feed';

/** The address by which other calendars fetch one's lessons. */
export function Calendar({ zone }: { zone: string }) {
  return (
    <section class="panel" aria-labelledby="calendar">
      <div class="today-head">
        <h2 id="calendar">{feedTitle()}</h2>
      </div>
      <div class="today-body">
        <CalendarFeed zone={zone} />
      </div>
    </section>
  );
}
