import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

// Prints what one report of vitest counts (passed, failed, skipped), and notes the names of what failed and was skipped,
// so that they stand together at the end of a long log: node counts.mjs REPORT FAILURES SKIPS
const [report, failures, skips] = process.argv.slice(2);
const { testResults, ...counts } = JSON.parse(readFileSync(report, 'utf8'));

function note(file, path, what) {
  appendFileSync(file, `${relative('.', path)}: ${what}\n`);
}

for (const { name: path, status, message, assertionResults } of testResults) {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  for (const { fullName, failureMessages } of failed)
    note(failures, path, `${fullName}\n    ${String(failureMessages[0]).split('\n', 1)[0]}`);
  if (status === 'failed' && failed.length === 0) note(failures, path, String(message).split('\n', 1)[0]);
  for (const { fullName } of assertionResults.filter((test) => ['skipped', 'pending'].includes(test.status)))
    note(skips, path, fullName);
}
console.log(counts.numPassedTests, counts.numFailedTests, counts.numPendingTests + counts.numTodoTests);
