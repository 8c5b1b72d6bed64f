const SHORTEST = 3;
const LONGEST = 255;

/** What is wrong with the name of a store. `early`: worth saying while somebody is still typing it. */
export interface NameProblem {
  text: string;
  early: boolean;
}

/** The platform's rule for names, in the words of whoever is typing one; null for a good one. Spaces around count not. */
export function nameProblem(typed: string): NameProblem | null {
  const name = typed.trim();
  const strange = /[^a-zA-Z0-9-_ ]/u.exec(name)?.[0];
  if (strange !== undefined) {
    return { text: `${inWords(strange)} can’t be part of a name. ${ALLOWED}`, early: true };
  }
  if (name.length > LONGEST) {
    return { text: `That is ${name.length} characters; a name has at most ${LONGEST}.`, early: true };
  }
  if (name.length < SHORTEST) {
    return { text: name === '' ? 'Give your store a name.' : `Use at least ${SHORTEST} characters.`, early: false };
  }
  if (!/[a-zA-Z0-9]/.test(name)) return { text: 'Use at least one letter or digit.', early: false };
  return null;
}

const ALLOWED = 'Use letters from a to z, digits, spaces, - and _.';

function inWords(character: string): string {
  return /[\p{Cc}\p{Cf}\p{Z}]/u.test(character) ? 'An invisible character' : `“${character}”`;
}
