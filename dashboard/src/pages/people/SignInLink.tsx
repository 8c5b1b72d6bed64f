import { ShownOnce } from '../../ui/ShownOnce.tsx';

export function SignInLink({ email, url, onDone }: { email: string; url: string; onDone: () => void }) {
  const warning =
    `Send this link to ${email} yourself; it is not shown again. It signs in once, within 7 days, ` +
    'and whoever opens it first is let in as them.';
  return <ShownOnce label="Sign-in link" secret={url} warning={warning} onDone={onDone} />;
}
