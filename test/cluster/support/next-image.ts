import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from './images.ts';

const PREFIX = 'docker.io/store-platform';

/**
 * A next version of one of our images, as the cluster sees it, under another tag: the same but for a line at the end of
 * every store chart's values, from which the platform concludes that there are new versions of stores. Returns the tag.
 */
export async function nextImage(name: string, tag: string, next: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'store-platform-next-'));
  const change =
    name === 'platform'
      ? ['USER 0', 'RUN for chart in charts/*-store; do echo "# next" >>"$chart/values.yaml"; done', 'USER 1000']
      : [`LABEL next=${next}`];
  try {
    const dockerfile = join(folder, 'Dockerfile');
    await writeFile(dockerfile, [`FROM ${PREFIX}/${name}:${tag}`, ...change, ''].join('\n'));
    await buildImage(`${PREFIX}/${name}:${next}`, folder, dockerfile);
    return next;
  } finally {
    await rm(folder, { recursive: true });
  }
}
