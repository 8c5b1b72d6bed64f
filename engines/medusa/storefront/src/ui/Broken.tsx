import { inWords } from '../api/words.ts';
import { Blank } from './Blank.tsx';
import { Button } from './Button.tsx';
import { usePage } from './usePage.ts';

export function Broken({ error, retry }: { error: unknown; retry: () => void }) {
  usePage('Something went wrong');
  return (
    <Blank title="That didn’t work" alert>
      <p>{inWords(error)}</p>
      <Button onClick={retry}>Try again</Button>
    </Blank>
  );
}
