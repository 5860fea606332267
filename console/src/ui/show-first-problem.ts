/**
 * Puts the cursor into the first field of a form that has a message, once the messages are there: those of the server
 * are in the page some frames later.
 */
export function showFirstProblem(formId: string, frames = 10): void {
  requestAnimationFrame(() => {
    const field = document.getElementById(formId)?.querySelector<HTMLElement>('[aria-invalid=true]');
    if (field == null) {
      if (frames > 0) showFirstProblem(formId, frames - 1);
      return;
    }
    field.focus();
    field.scrollIntoView({ block: 'center' });
  });
}
