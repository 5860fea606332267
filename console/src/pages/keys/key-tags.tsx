import { Badge } from '../../ui/badge.tsx';

interface KeyTagsProps {
  readonly tags: readonly string[];
  /** Of more than so many the rest is a number. */
  readonly most?: number;
}

export function KeyTags({ tags, most = tags.length }: KeyTagsProps) {
  const rest = tags.slice(most);
  return (
    <span className="inline-flex max-w-full flex-wrap gap-1">
      {tags.slice(0, most).map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      {rest.length > 0 && (
        <Badge>
          <span title={rest.join(', ')}>+{rest.length}</span>
        </Badge>
      )}
    </span>
  );
}
