import { inject } from 'vitest';
import { startPlatform } from '../support/platform.ts';
import { KINDS } from './kinds/index.ts';
import { describeSelling } from './selling.ts';

for (const kind of KINDS) describeSelling(kind, kind.engine, () => startPlatform({ home: inject('home') }));
