import { makeLocalSubject } from '../support/local-subject.ts';
import { describeRuntime } from './runtime.ts';

describeRuntime('local', makeLocalSubject);
