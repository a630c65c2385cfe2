import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { Question } from './confirm-dialog';

const ConfirmDialog = lazy(async () => ({
  default: (await import('./confirm-dialog')).ConfirmDialog,
}));

/** Asks before something is done that people may regret. @returns how to ask, and the dialog to place */
export function useConfirm(): [(question: Question) => void, ReactNode] {
  const [question, setQuestion] = useState<Question>();
  const [isOpen, setOpen] = useState(false);
  const ask = (next: Question) => {
    setQuestion(next);
    setOpen(true);
  };
  const close = () => setOpen(false);
  return [
    ask,
    <Suspense key="confirm">
      {question !== undefined && (
        <ConfirmDialog question={question} isOpen={isOpen} close={close} />
      )}
    </Suspense>,
  ];
}
