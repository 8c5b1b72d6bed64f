import { Button } from '@mantine/core';
import { memo, useEffect } from 'react';
import type { Block, LogLines } from './lines.ts';
import { piecesOf, type Match } from './search.ts';
import classes from './Logs.module.css';
import { useStayAtEnd } from './useStayAtEnd.ts';

interface Props {
  shown: LogLines;
  name: string;
  term: string;
  current: Match | null;
  wrap: boolean;
}

/** The lines themselves. As long as its end is in view, it stays in view. */
export function LogView({ shown, name, term, current, wrap }: Props) {
  const { box, content, atEnd, leaveEnd, toEnd, ...listeners } = useStayAtEnd();
  useEffect(() => {
    const found = term === '' ? null : box.current?.querySelector('mark[data-current]');
    if (!found) return;
    leaveEnd();
    found.scrollIntoView({ block: 'center' });
    // Only when another place is looked at, not with each new line.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [term, current?.line, current?.nth]);
  const empty = shown.from === shown.to;
  return (
    <div className={classes.frame}>
      <div
        ref={box}
        className={classes.box}
        data-wrap={wrap}
        // Whoever has no mouse scrolls it by the arrow keys.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={`Log of ${name}`}
        {...listeners}
      >
        <div ref={content} className={classes.content}>
          {empty && <p className={classes.nothing}>The shop has not said anything yet.</p>}
          {shown.blocks.map((block) => (
            <Lines
              key={block.start}
              block={block}
              term={term}
              currentLine={isIn(block, current) ? current.line : null}
              currentNth={isIn(block, current) ? current.nth : null}
            />
          ))}
        </div>
      </div>
      {!atEnd && (
        <Button size="xs" className={classes.toEnd} onClick={toEnd}>
          To the newest line
        </Button>
      )}
    </div>
  );
}

function isIn({ start, lines }: Block, match: Match | null): match is Match {
  return match !== null && match.line >= start && match.line < start + lines.length;
}

interface LinesProps {
  block: Block;
  term: string;
  currentLine: number | null;
  currentNth: number | null;
}

/** Full blocks are drawn once, and cost nothing while they are out of sight. */
const Lines = memo(function Lines({ block: { start, lines }, term, currentLine, currentNth }: LinesProps) {
  return (
    <div className={classes.block}>
      {lines.map((line, index) => (
        // A line's number is what it is known by.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={start + index} className={classes.line}>
          {term === '' ? (
            line
          ) : (
            <Marked line={line} term={term} nth={start + index === currentLine ? currentNth : null} />
          )}
        </div>
      ))}
    </div>
  );
});

function Marked({ line, term, nth }: { line: string; term: string; nth: number | null }) {
  let found = -1;
  return piecesOf(line, term).map((piece, index) => {
    if (!piece.found) return piece.text;
    found += 1;
    return (
      // oxlint-disable-next-line react/no-array-index-key
      <mark key={index} {...(found === nth && { 'data-current': true })}>
        {piece.text}
      </mark>
    );
  });
}
