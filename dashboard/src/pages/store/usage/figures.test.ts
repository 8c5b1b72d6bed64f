import { describe, expect, it } from 'vitest';
import { memoryOf, processorOf, summaryOf, timeShown } from './figures.ts';

const measured = (seconds: number, cpuSeconds: number) => ({
  at: new Date(seconds * 1000).toISOString(),
  memoryBytes: seconds,
  cpuSeconds,
  diskBytes: 1,
});

describe('the figures of a shop', () => {
  it('are the share of one processor between two measurements', () => {
    const usage = [measured(60, 4), measured(30, 1), measured(0, 0)];
    expect(memoryOf(usage)).toEqual({ times: [0, 30, 60], values: [0, 30, 60] });
    expect(processorOf(usage).values).toEqual([null, (1 / 30) * 100, 10]);
    expect(summaryOf(processorOf(usage))).toMatchObject({ now: 10, most: 10 });
  });

  it('have a gap where the shop was started anew or not measured', () => {
    expect(processorOf([measured(60, 1), measured(30, 50)]).values).toEqual([null, null]);
    expect(processorOf([measured(600, 60), measured(30, 50)]).values).toEqual([null, null]);
    expect(summaryOf(processorOf([]))).toBeNull();
  });

  it('are shown over five minutes at least, also when there is only one', () => {
    expect(timeShown(1000, 1000)).toEqual([700, 1000]);
    expect(timeShown(0, 3000)).toEqual([0, 3000]);
  });
});
