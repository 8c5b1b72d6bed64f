import { createHash } from 'node:crypto';
import type { StorePlan } from '../../../engines/engine.ts';
import { SECRET } from './names.ts';

/** What a release is to be made of. */
export interface Wanted {
  chart: string;
  /** The version of the engine's image. */
  version: string;
  values: Record<string, unknown>;
  /** Changes with the version and with every value, ours and the operator's; not with the chart. */
  hash: string;
}

export interface ValuesSettings {
  installationId: string;
  platformNamespace: string | null;
  /** The content of the operator's values file, empty where there is none. */
  operatorValues: string;
}

/** What every store's chart is told, and what only this engine's understands. Nothing in it is secret. */
export function wantedRelease(plan: StorePlan, settings: ValuesSettings): Wanted {
  const { store, release, engineVersion } = plan;
  const values = {
    store: {
      id: store.id,
      name: store.name,
      slug: store.slug,
      userId: store.userId,
      created: store.createdAt.toISOString(),
      installation: settings.installationId,
    },
    publicUrl: store.publicUrl,
    existingSecret: SECRET,
    image: { tag: engineVersion },
    ingress: { enabled: store.open, host: new URL(store.publicUrl).hostname },
    networkPolicy: { platformNamespace: settings.platformNamespace ?? '' },
    ...release.values,
  };
  const hash = createHash('sha256')
    .update(JSON.stringify([engineVersion, values, settings.operatorValues]))
    .digest('hex')
    .slice(0, 32);
  return { chart: release.chart, version: engineVersion, values, hash };
}
