const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** The day of an instant; the exact time on hover. */
export function Day({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {DAY.format(date)}
    </time>
  );
}
