import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import UPlot from 'uplot';
import type { Hour } from './messages.ts';
import { clockOf } from './words.ts';

interface Props {
  hours: readonly Hour[];
  /** Which of them is not over yet, and is drawn so; -1 for none. */
  now: number;
  wall: boolean;
  /** Told which hour the pointer is on; null when it leaves. */
  onPoint: (hour: number | null) => void;
}

/** A chart is at least as high as for this many orders. */
const LEAST = 4;
/** The colour of hours that are over. */
const QUIET = { light: 'color-green-2', dark: 'color-green-8' };

export default function HoursChart(props: Props) {
  const scheme = useComputedColorScheme('light');
  // The colours and names are read when it is drawn, so another scheme or another day is another drawing.
  return <Drawing key={`${scheme} ${props.hours[0]?.hour}`} quiet={QUIET[scheme]} {...props} />;
}

function Drawing({ hours, now, wall, onPoint, quiet }: Props & { quiet: string }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);
  const names = useRef(hours.map((hour) => clockOf(hour).slice(0, 2)));
  const data = useMemo(() => barsOf(hours, now), [hours, now]);
  useEffect(() => {
    const host = box.current;
    if (!host) return;
    const size = () => ({ width: host.clientWidth, height: host.clientHeight });
    const made = new UPlot(
      { ...options(host, names.current, { wall, onPoint, quiet }), ...size() },
      [[], [], []],
      host,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize(size()));
    watcher.observe(host);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, [wall, onPoint, quiet]);
  useEffect(() => plot.current?.setData(data));
  return <div ref={box} style={{ height: '100%' }} />;
}

/** Two series, because a bar has the colour of its series: the hours, and the one that is not over. */
function barsOf(hours: readonly Hour[], now: number): UPlot.AlignedData {
  const others = hours.map(({ orders }, at) => (at === now ? null : orders));
  const current = hours.map(({ orders }, at) => (at === now ? orders : null));
  return [hours.map((_, at) => at), others, current];
}

function options(
  host: HTMLElement,
  names: readonly string[],
  { wall, onPoint, quiet }: Pick<Props, 'wall' | 'onPoint'> & { quiet: string },
): Omit<UPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(host);
  const colour = (name: string): string => style.getPropertyValue(`--mantine-${name}`).trim();
  const strong = colour('primary-color-filled');
  const letters = wall ? Math.max(16, Math.round(window.innerHeight / 42)) : 12;
  const axis: UPlot.Axis = {
    stroke: colour('color-dimmed'),
    grid: { stroke: colour('color-default-border'), width: 1 },
    ticks: { show: false },
    font: `${letters}px ${style.fontFamily}`,
  };
  const bars = UPlot.paths.bars?.({ size: [0.72, 90], radius: 0.12 });
  const series = (fill: string): UPlot.Series => ({
    fill,
    width: 0,
    points: { show: false },
    ...(bars && { paths: bars }),
  });
  return {
    legend: { show: false },
    cursor: { x: false, y: false, drag: { x: false, y: false }, points: { show: false } },
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    scales: {
      x: { time: false, range: () => [-0.6, names.length - 0.4] },
      y: { range: (_plot, _least, most) => [0, Math.max(LEAST, (most ?? 0) * 1.1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: letters * 1.8 + 6,
        space: letters * 3,
        incrs: [1, 2, 3, 6, 12],
        values: (_plot, at) => at.map((hour) => names[hour] ?? ''),
      },
      {
        ...axis,
        size: letters * 3.6,
        space: letters * 3,
        incrs: WHOLE,
        values: (_plot, at) => at.map((orders) => orders.toLocaleString('en')),
      },
    ],
    series: [{}, series(colour(quiet)), series(strong)],
  };
}

/** There is no half of an order. */
const WHOLE = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((power) => [power, 2 * power, 5 * power]);
