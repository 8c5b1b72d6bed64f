import { Skeleton, Title, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';
import { count } from '../../ui/words.ts';
import { hourOf } from './figures.ts';
import classes from './Live.module.css';
import type { Hour } from './messages.ts';
import { amount } from './money.ts';
import { clockOf } from './words.ts';

/** What draws is large, and only loaded by those who look. */
const HoursChart = lazy(() => import('./HoursChart.tsx'));

/** Orders by hour: bars, what the pointer is on in words, and a table for whoever can't see them. */
export function Hours({ hours, asOf, wall }: { hours: readonly Hour[]; asOf: string; wall: boolean }) {
  const id = useId();
  const [pointed, setPointed] = useState<number | null>(null);
  const now = hourOf(hours, asOf);
  const told = (pointed === null ? undefined : hours[pointed]) ?? hours[now];
  return (
    <section className={classes.hours} aria-labelledby={id}>
      <div className={classes.head}>
        <Title order={2} size="h4" id={id}>
          Orders by hour
        </Title>
        <span className={classes.told}>{told && inWords(told, told === hours[now])}</span>
      </div>
      <div className={classes.chart} aria-hidden="true">
        <Suspense fallback={<Skeleton h="100%" />}>
          <HoursChart hours={hours} now={now} wall={wall} onPoint={setPointed} />
        </Suspense>
      </div>
      <VisuallyHidden>
        <table>
          <caption>Orders by hour</caption>
          <tbody>
            {hours.map((hour) => (
              <tr key={hour.hour}>
                <th scope="row">{clockOf(hour)}</th>
                <td>{count(hour.orders, 'order')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </section>
  );
}

function inWords(hour: Hour, isNow: boolean): string {
  const revenue = Object.entries(hour.revenue).filter(([, minor]) => minor !== 0);
  const sums = revenue.map(([currency, minor]) => `, ${amount(minor, currency)}`).join('');
  const when = isNow ? 'This hour' : `From ${clockOf(hour)}`;
  return `${when}: ${count(hour.orders, 'order')}${sums}`;
}
