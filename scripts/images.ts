// `npm run images`: builds the images that run on Kubernetes, all of them or those that are named:
//   npm run images -- [platform] [dashboard] [medusa] [woocommerce] [--prefix P] [--print] [--json]
// with the builder that IMAGE_BUILD_COMMAND names, else docker, else buildah. --print builds nothing. Names are data, on
// standard output; everything else goes to standard error.
import { parseArgs } from 'node:util';
import { TerminalError } from '../src/errors.ts';
import { say } from './lib/checkout.mjs';
import { findBuilder, type Builder } from './lib/image-builder.ts';
import { IMAGES, tagsOf, type ImageName } from './lib/images.ts';

interface Wanted {
  short: ImageName;
  /** With the prefix, without the tag. */
  name: string;
  tag: string;
}

interface Built {
  name: string;
  tag: string;
  seconds?: number;
}

const { values, positionals } = readArguments();
const print = (text: string) => void process.stdout.write(`${text}\n`);
const chosen = Object.keys(IMAGES).filter((name) => positionals.length === 0 || positionals.includes(name));
const tags = await tagsOf();
const wanted = (chosen as ImageName[]).map((short) => ({
  short,
  name: `${values.prefix.replace(/\/+$/, '')}/${short}`,
  tag: tags[short],
}));

try {
  const done = values.print ? wanted.map(({ name, tag }) => ({ name, tag })) : await buildAll(wanted);
  if (values.json) print(JSON.stringify(done, null, 2));
  else for (const { name, tag } of done) print(`${name}:${tag}`);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function readArguments() {
  try {
    const given = parseArgs({
      allowPositionals: true,
      options: {
        prefix: { type: 'string', default: 'docker.io/store-platform' },
        print: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const unknown = given.positionals.filter((name) => !(name in IMAGES));
    if (unknown.length === 0) return given;
    throw new Error(`There is no image ${unknown.join(', ')}. There are: ${Object.keys(IMAGES).join(', ')}`);
  } catch (error) {
    say((error as Error).message);
    process.exit(2);
  }
}

/** One after the other: each build uses all that the machine has. */
async function buildAll(images: Wanted[]): Promise<Built[]> {
  const builder = await findBuilder(process.env);
  const done: Built[] = [];
  for (const image of images) {
    const seconds = await buildOne(builder, image).catch((error: unknown) => leaveOut(image, error));
    if (seconds !== null) done.push({ name: image.name, tag: image.tag, seconds });
  }
  return done;
}

async function buildOne(builder: Builder, { short, name, tag }: Wanted): Promise<number> {
  const { context: openContext, dockerfile } = IMAGES[short];
  const context = await openContext();
  try {
    say(`Building ${name}:${tag} with ${builder.title} …`);
    const start = performance.now();
    await builder.build({ image: `${name}:${tag}`, context: context.folder, dockerfile });
    const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
    say(`${name}:${tag} is there after ${seconds} s`);
    return seconds;
  } finally {
    await context.close();
  }
}

/** What an image is made of can't be had: that is no failure for those who have not asked for it by name. */
function leaveOut({ short }: Wanted, error: unknown): null {
  if (!(error instanceof TerminalError)) throw error;
  say(`${short} is left out: ${error.message}`);
  if (positionals.includes(short)) process.exitCode = 1;
  return null;
}
