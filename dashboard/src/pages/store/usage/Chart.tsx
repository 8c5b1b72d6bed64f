import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { timeShown, type Series } from './figures.ts';

interface Props {
  series: Series;
  words: (value: number) => string;
  floor: number;
}

/** A line over time. What it shows is said in words by whoever uses it. */
export default function Chart(props: Props) {
  const scheme = useComputedColorScheme('light');
  // The colours are read from the page when it is drawn, so another scheme is another drawing.
  return <Drawing key={scheme} {...props} />;
}

function Drawing({ series: { times, values }, words, floor }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);
  useEffect(() => {
    const host = box.current;
    if (!host) return;
    const size = () => ({ width: host.clientWidth, height: host.clientHeight });
    const made = new UPlot({ ...options(host, words, floor), ...size() }, [[], []], host);
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize(size()));
    watcher.observe(host);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, [words, floor]);
  useEffect(() => plot.current?.setData([times, values]), [times, values]);
  return <div ref={box} style={{ height: '100%' }} />;
}

function options(host: HTMLElement, words: Props['words'], floor: number): Omit<UPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(host);
  const colour = (name: string): string => style.getPropertyValue(`--mantine-${name}`).trim();
  const line = colour('primary-color-filled');
  const axis: UPlot.Axis = {
    stroke: colour('color-dimmed'),
    grid: { stroke: colour('color-default-border'), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  };
  return {
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: (_plot, first, last) => timeShown(first ?? 0, last ?? 0) },
      // From nothing, so that small changes don't look large.
      y: { range: (_plot, _least, most) => [0, Math.max(floor, most * 1.15)] },
    },
    axes: [axis, { ...axis, size: 64, values: (_plot, ticks) => ticks.map(words) }],
    series: [{}, { stroke: line, width: 2, fill: `${line}22`, points: { show: fewPoints } }],
  };
}

/** A single measurement would make no line. */
const fewPoints = (plot: UPlot): boolean => plot.data[0].length < 3;
