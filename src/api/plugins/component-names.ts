interface Document {
  paths?: unknown;
  components?: { schemas?: Record<string, unknown> };
}

const PREFIX = '#/components/schemas/';

/**
 * The schemas come out twice, as `Name` for answers and `NameInput` for requests, used or not. Keeps those that
 * something refers to, and calls each simply `Name`, since no name of ours means different things in the two places.
 */
export function tidyComponents<D extends Document>(document: D): D {
  const all = document.components?.schemas ?? {};
  const used = reachable(document.paths, all);
  const schemas: Record<string, unknown> = {};
  for (const name of [...used].toSorted()) schemas[baseName(name, all)] = all[name];
  return renameRefs({ ...document, components: { ...document.components, schemas } }, all) as D;
}

function baseName(name: string, all: Record<string, unknown>): string {
  const base = name.replace(/Input$/, '');
  return base in all ? base : name;
}

function reachable(from: unknown, all: Record<string, unknown>): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const name of refsIn(value)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(all[name]);
    }
  };
  visit(from);
  return found;
}

function refsIn(value: unknown): string[] {
  const refs: string[] = [];
  JSON.stringify(value, (key, inner: unknown) => {
    if (key === '$ref' && typeof inner === 'string' && inner.startsWith(PREFIX)) refs.push(inner.slice(PREFIX.length));
    return inner;
  });
  return refs;
}

function renameRefs(value: unknown, all: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key === '$ref' && typeof inner === 'string' && inner.startsWith(PREFIX)
      ? PREFIX + baseName(inner.slice(PREFIX.length), all)
      : inner,
  );
}
