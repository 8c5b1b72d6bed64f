// npm's postinstall: makes `npx store-platform` work in the checkout, and notes what has been installed.
import { recordInstallation } from './lib/install.mjs';

recordInstallation();
