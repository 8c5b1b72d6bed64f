import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';

/** What a dialog is about. It is kept while the dialog fades away, so that no words vanish before it does. */
export function useSubject<T>() {
  const [subject, setSubject] = useState<T | null>(null);
  const [opened, { open, close }] = useDisclosure(false);
  const show = (about: T) => {
    setSubject(about);
    open();
  };
  return { subject, opened, show, close };
}
