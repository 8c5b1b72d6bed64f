import { Skeleton, Text } from '@mantine/core';
import type { Engine, EngineName } from '../../api/types.ts';
import classes from './NewStore.module.css';
import { readiness } from './readiness.ts';

/** What somebody gets, in words for whoever will run the shop. */
const WORDS: Record<EngineName, { title: string; text: string; points: string[] }> = {
  woocommerce: {
    title: 'WooCommerce',
    text: 'The shop that much of the web runs on, with the WordPress admin that many people know.',
    points: ['Pages, posts and products in one place', 'Ready to sell: nothing to install, no wizard'],
  },
  medusa: {
    title: 'Medusa',
    text: 'A modern shop with a quick storefront and a clean admin, made to be built upon by developers.',
    points: ['Storefront and admin work through one open API', 'Several regions and currencies from the start'],
  },
};

interface EngineCardsProps {
  engines: Engine[];
  chosen: EngineName | null;
  onChoose: (engine: EngineName) => void;
}

/** Native radio buttons, so that the arrow keys work as everywhere. */
export function EngineCards({ engines, chosen, onChoose }: EngineCardsProps) {
  return (
    <fieldset className={classes.engines}>
      <legend className={classes.legend}>Kind of shop</legend>
      {engines.map((engine) => (
        <EngineCard
          key={engine.name}
          engine={engine}
          checked={engine.name === chosen}
          onChoose={() => onChoose(engine.name)}
        />
      ))}
    </fieldset>
  );
}

function EngineCard({ engine, checked, onChoose }: { engine: Engine; checked: boolean; onChoose: () => void }) {
  const { title, text, points } = WORDS[engine.name];
  const [name, about] = [`engine-${engine.name}`, `about-${engine.name}`];
  return (
    <label className={classes.card}>
      <input
        type="radio"
        name="engine"
        value={engine.name}
        checked={checked}
        onChange={onChoose}
        aria-labelledby={name}
        aria-describedby={about}
      />
      <span className={classes.content}>
        <span id={name} className={classes.title}>
          {title}
        </span>
        <span id={about} className={classes.about}>
          <span>{text}</span>
          <span>{points.join('. ')}.</span>
          <State engine={engine} />
        </span>
      </span>
    </label>
  );
}

function State({ engine }: { engine: Engine }) {
  const { state, text, percent } = readiness(engine);
  return (
    <span className={classes.state} data-state={state}>
      <span className={classes.word}>{text}</span>
      {percent !== null && <progress className={classes.progress} value={percent} max={100} aria-label="Preparation" />}
      {engine.advice !== null && <span className={classes.advice}>{engine.advice}</span>}
    </span>
  );
}

export function EngineCardsLoading() {
  return (
    <div role="status" aria-label="Loading the kinds of shop" className={classes.engines}>
      <Text className={classes.legend}>Kind of shop</Text>
      <Skeleton className={classes.card} />
      <Skeleton className={classes.card} />
    </div>
  );
}
