import { makeLocalSubject } from '../support/local-subject.ts';
import { describeRuntime } from './runtime.ts';

describeRuntime('local, with data in a database', () => makeLocalSubject('medusa'));
describeRuntime('local, with data in files alone', () => makeLocalSubject('woocommerce'));
