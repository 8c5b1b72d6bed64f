const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day on which an instant lies in a zone, `YYYY-MM-DD`. */
export const dayOf = (at: Date, timeZone: string): string => wallClock(at, timeZone).toISOString().slice(0, 10);

/** The day so many days later. */
export function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The instant at which the clocks of a zone show this day and so many minutes after midnight. */
export function instantOf(day: string, minutes: number, timeZone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS;
  const guess = new Date(wanted - offsetAt(new Date(wanted), timeZone));
  // The guess may lie beyond a change of the clocks.
  return new Date(wanted - offsetAt(guess, timeZone));
}

const offsetAt = (at: Date, timeZone: string): number =>
  wallClock(at, timeZone).getTime() - Math.floor(at.getTime() / 1000) * 1000;

/** What the zone's clocks show at that instant, as if they were in UTC. */
function wallClock(at: Date, timeZone: string): Date {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return new Date(
    `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}Z`,
  );
}

/** Making one takes far longer than using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', second: '2-digit', ...digits });
  formats.set(timeZone, made);
  return made;
}
