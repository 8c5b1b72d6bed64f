import { Announcer } from './Announcer.tsx';
import type { LiveFigures } from './figures.ts';
import { Headline } from './Headline.tsx';
import { Hours } from './Hours.tsx';
import classes from './Live.module.css';
import { Products } from './Products.tsx';
import { Recent } from './Recent.tsx';
import type { Sources } from './useSources.ts';

interface Props {
  figures: LiveFigures;
  sources: Sources;
  /** Made to be read from across a room. */
  wall?: boolean;
}

export function Day({ figures, sources, wall = false }: Props) {
  return (
    <div className={classes.day} data-wall={wall || undefined}>
      <Headline figures={figures} />
      <Hours hours={figures.hours} asOf={figures.asOf} wall={wall} />
      <Products products={figures.topProducts} />
      <Recent figures={figures} sources={sources} />
      <Announcer hours={figures.hours} />
    </div>
  );
}
