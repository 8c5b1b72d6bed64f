/** An error whose message is all that a person needs to see. */
export class Complaint extends Error {}

/**
 * The command line, read as `php` reads it, as far as it is needed to find out what to do.
 *
 * @returns `{ serve }` for `-S HOST:PORT`, else `{ script }` with everything as it was given, for PHP's own reader.
 * @throws {Complaint} when a web server is asked for that can't be one
 */
export function readCommandLine(args) {
  const settings = [];
  let address;
  let root;
  let at = 0;
  for (; at < args.length && args[at].startsWith('-') && args[at] !== '-' && args[at] !== '--'; at++) {
    const option = args[at].slice(1, 2);
    if (!'dSt'.includes(option)) return { script: { args, settings } };
    const value = args[at].slice(2) || args[++at];
    if (value === undefined) throw new Complaint(`The option -${option} needs a value.`);
    if (option === 'd') settings.push(readSetting(value));
    else if (option === 'S') address = readAddress(value);
    else root = value;
  }
  if (!address) return { script: { args, settings, path: args[at] } };
  if (args[at] === undefined)
    throw new Complaint('A web server needs a router script: -S HOST:PORT -t ROOT router.php');
  return { serve: { settings, ...address, root: root ?? '.', router: args[at] } };
}

/** `name=value`; a name alone means 1, as in `php`. */
function readSetting(text) {
  const at = text.indexOf('=');
  return at < 0 ? [text, '1'] : [text.slice(0, at), text.slice(at + 1)];
}

function readAddress(text) {
  const match = /^(?<host>\[[0-9a-fA-F:]+\]|[^:[\]]+):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups.port);
  if (!match || port > 65_535) throw new Complaint(`"${text}" is no address: -S HOST:PORT, for example 127.0.0.1:8080`);
  return { host: match.groups.host.replace(/^\[|\]$/g, ''), port };
}
