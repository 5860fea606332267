import type { View, ViewPage } from '../../../src/contract/index.ts';
import { ConfirmDialog } from '../ui/dialog.tsx';
import type { ViewChanges } from './use-views.ts';
import { type ViewAnswers, ViewDialog } from './view-dialog.tsx';

/** What is to be done with a view, and needs another word first. */
export type Asked = { readonly what: 'save' } | { readonly what: 'rename' | 'delete'; readonly view: View };

interface ViewDialogsProps {
  readonly asked: Asked;
  readonly page: ViewPage;
  /** What a new view keeps. */
  readonly kept: string;
  /** It begins and ends at two moments, instead of going up to now. */
  readonly isFixed: boolean;
  readonly changes: ViewChanges;
  readonly onSaved: (view: View) => void;
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}

export function ViewDialogs(props: ViewDialogsProps) {
  const { asked, page, kept, isFixed, onSaved, onDeleted, onClose } = props;
  const { create, rename, remove } = props.changes;
  const close = (): void => {
    create.reset();
    rename.reset();
    onClose();
  };
  const save = async (answers: ViewAnswers): Promise<void> => {
    const view = await create
      .mutateAsync({ body: { page, search: kept, ...answers } })
      .catch(() => undefined);
    if (view === undefined) return;
    close();
    onSaved(view);
  };
  const saveName = async ({ id }: View, name: string): Promise<void> => {
    const view = await rename.mutateAsync({ params: { id }, body: { name } }).catch(() => undefined);
    if (view !== undefined) close();
  };
  switch (asked.what) {
    case 'save':
      return (
        <ViewDialog
          title="Save a view"
          description={isFixed ? fixedDescription : 'Keeps the filters and the order that the page has now.'}
          busy={create.isPending}
          error={create.error}
          onClose={close}
          onSave={(answers) => void save(answers)}
        />
      );
    case 'rename':
      return (
        <ViewDialog
          title={`Rename “${asked.view.name}”`}
          name={asked.view.name}
          busy={rename.isPending}
          error={rename.error}
          onClose={close}
          onSave={({ name }) => void saveName(asked.view, name)}
        />
      );
    case 'delete':
      return (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={`Delete the view “${asked.view.name}”?`}
          description={
            asked.view.shared
              ? 'Nobody finds it any more. What it shows is not touched.'
              : 'The page keeps the filters that it has now, and what they show is not touched.'
          }
          action="Delete view"
          onConfirm={async () => {
            await remove.mutateAsync({ params: { id: asked.view.id } });
            onDeleted();
          }}
        />
      );
    default:
      return asked satisfies never;
  }
}

const fixedDescription =
  'Keeps the filters that the page has now. The range of time is a fixed one: choose one such as “Last 24 hours” first if the view is to move along.';
