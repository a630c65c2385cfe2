import { Button } from '@mantine/core';
import { useLogOut } from '../../api/session';
import { LogInFrame } from './log-in-frame';
import { PasswordChangeForm } from './password-change-form';

/** What somebody sees whose password was given to them by another. */
export function NewPasswordPage() {
  const logOut = useLogOut();
  return (
    <LogInFrame
      title="Choose a password"
      description="The one that you logged in with was made for you. Choose your own before you go on."
    >
      <PasswordChangeForm />
      <Button variant="subtle" color="gray" onClick={() => logOut.mutate()}>
        Log out
      </Button>
    </LogInFrame>
  );
}
