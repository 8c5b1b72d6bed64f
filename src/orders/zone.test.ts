import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateIn, dayBefore, dayOf, localTime, sameTimeDayBefore } from './zone.ts';

const labels = (zone: string, date: string) => dayOf(zone, date).hours.map((hour) => localTime(zone, hour));

describe('a day of a zone', () => {
  it.each([
    ['UTC', '2026-11-21', 24, '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-21', 24, '2026-11-20T18:30:00.000Z', '2026-11-21T18:30:00.000Z'],
    ['Asia/Kathmandu', '2026-11-21', 24, '2026-11-20T18:15:00.000Z', '2026-11-21T18:15:00.000Z'],
    ['Europe/Berlin', '2026-03-29', 23, '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', 25, '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['America/New_York', '2026-03-08', 23, '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['America/New_York', '2026-11-01', 25, '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    // Half an hour is left out, and comes twice.
    ['Australia/Lord_Howe', '2026-10-04', 24, '2026-10-03T13:30:00.000Z', '2026-10-04T13:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', 25, '2026-04-04T13:00:00.000Z', '2026-04-05T13:30:00.000Z'],
    // Midnight itself is left out, and comes twice.
    ['Africa/Cairo', '2026-04-24', 23, '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
    ['America/Havana', '2026-11-01', 25, '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['Africa/Cairo', '2026-10-29', 25, '2026-10-28T21:00:00.000Z', '2026-10-29T22:00:00.000Z'],
  ])('in %s on %s has %i hours', (zone, date, hours, start, end) => {
    const day = dayOf(zone, date);
    expect([day.hours.length, day.start.toISOString(), day.end.toISOString()]).toEqual([hours, start, end]);
  });

  it('names each hour with its offset', () => {
    expect(labels('Europe/Berlin', '2026-10-25').slice(1, 5)).toEqual([
      '2026-10-25T01:00:00+02:00',
      '2026-10-25T02:00:00+02:00',
      '2026-10-25T02:00:00+01:00',
      '2026-10-25T03:00:00+01:00',
    ]);
    expect(labels('America/New_York', '2026-03-08').slice(1, 3)).toEqual([
      '2026-03-08T01:00:00-05:00',
      '2026-03-08T03:00:00-04:00',
    ]);
    expect(labels('Australia/Lord_Howe', '2026-04-05').slice(1, 4)).toEqual([
      '2026-04-05T01:00:00+11:00',
      '2026-04-05T01:30:00+10:30',
      '2026-04-05T02:00:00+10:30',
    ]);
    expect(labels('Asia/Kathmandu', '2026-11-21')[0]).toBe('2026-11-21T00:00:00+05:45');
  });

  it('begins where the one before ends, and its hours begin at quarters of an hour and hold their own names', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const dates = fc
      .integer({ min: Date.parse('2012-01-02') / 86_400_000, max: Date.parse('2037-01-01') / 86_400_000 })
      .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(zones, dates, (zone, date) => {
        const { start, end, hours } = dayOf(zone, date);
        expect(dayOf(zone, dayBefore(date)).end).toEqual(start);
        expect(dateIn(zone, start)).toBe(date);
        expect(dateIn(zone, new Date(start.getTime() - 1))).not.toBe(date);
        expect(dateIn(zone, new Date(end.getTime() - 1))).toBe(date);
        expect(hours[0]).toEqual(start);
        expect(new Set(hours.map((hour) => localTime(zone, hour))).size).toBe(hours.length);
        for (const hour of hours) {
          expect(hour.getTime() % 900_000).toBe(0);
          expect(Date.parse(localTime(zone, hour))).toBe(hour.getTime());
        }
      }),
      { numRuns: 120 },
    );
  });
});

describe('the same time one day before', () => {
  it.each([
    ['UTC', '2026-11-21T13:07:22.345Z', '2026-11-20T13:07:22.345Z'],
    ['Europe/Berlin', '2026-03-30T10:00:00.001Z', '2026-03-29T10:00:00.001Z'],
    // Today's clocks were changed since: the same time is 23 and 25 hours ago.
    ['Europe/Berlin', '2026-03-29T10:00:00.000Z', '2026-03-28T11:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T11:00:00.000Z', '2026-10-24T10:00:00.000Z'],
    // 02:30 was left out yesterday: it came when the clocks were changed.
    ['Europe/Berlin', '2026-03-30T00:30:00.000Z', '2026-03-29T01:00:00.000Z'],
    // 02:30 came twice yesterday: the first of them.
    ['Europe/Berlin', '2026-10-26T01:30:00.000Z', '2026-10-25T00:30:00.000Z'],
  ])('in %s at %s', (zone, now, then) => {
    expect(sameTimeDayBefore(zone, new Date(now)).toISOString()).toBe(then);
  });
});
