import { useEffect, useState } from 'react';
import { languageOf } from '../code/language-of.ts';
import { formatBytes } from '../format/format.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { Segments } from '../ui/tabs.tsx';
import { isBinary, kindOfFile } from './kind-of-file.ts';

interface FilePreviewProps {
  readonly name: string;
  readonly mediaType: string | null;
  /** The beginning of the file, or all of it. */
  readonly blob: Blob;
  /** Of the whole file, where the blob is only its beginning. */
  readonly size?: number;
  /** Markdown is shown as text or as what it means; kept by the page. */
  readonly markdown?: {
    readonly value: 'text' | 'rendered';
    readonly onChange: (value: 'text' | 'rendered') => void;
  };
}

/** Bytes of a text that are shown. */
export const previewBytes = 200_000;

/** A file to look at: text with colours, images, Markdown on demand. Nothing of it can run. */
export function FilePreview({ name, mediaType, blob, size = blob.size, markdown }: FilePreviewProps) {
  if (kindOfFile(name, mediaType) === 'image')
    return <ImagePreview name={name} blob={blob} mediaType={mediaType} />;
  return <TextPreview name={name} blob={blob} size={size} markdown={markdown} />;
}

function ImagePreview({ name, blob, mediaType }: Pick<FilePreviewProps, 'name' | 'blob' | 'mediaType'>) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(mediaType === null ? blob : new Blob([blob], { type: mediaType }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob, mediaType]);
  const [failed, setFailed] = useState(false);
  if (failed) return <p className="p-4 text-sm text-muted">The browser cannot show this picture.</p>;
  return (
    <div className="flex justify-center rounded-md border border-line bg-sunken p-3">
      {url !== undefined && (
        <img
          src={url}
          alt={name}
          className="max-h-[70dvh] max-w-full object-contain"
          onError={() => setFailed(true)}
        />
      )}
    </div>
  );
}

interface TextPreviewProps {
  readonly name: string;
  readonly blob: Blob;
  readonly size: number;
  readonly markdown: FilePreviewProps['markdown'];
}

const ways = [
  { value: 'text', label: 'Text' },
  { value: 'rendered', label: 'Rendered' },
] as const;

function TextPreview({ name, blob, size, markdown }: TextPreviewProps) {
  const text = useText(blob);
  const [own, setOwn] = useState<'text' | 'rendered'>('text');
  const way = markdown?.value ?? own;
  if (text === undefined) return null;
  if (isBinary(text))
    return (
      <p className="p-4 text-sm text-muted">
        This file is no text and no picture: download it to look at it.
      </p>
    );
  const language = languageOf(name);
  const cut = size > previewBytes;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {cut && (
        <p className="rounded-md bg-sunken px-3 py-2 text-sm text-muted">
          The first {formatBytes(previewBytes)} of {formatBytes(size)}. Download it for the rest.
        </p>
      )}
      {language === 'markdown' && (
        <Segments
          label="Markdown"
          value={way}
          options={ways}
          onChange={markdown?.onChange ?? setOwn}
          className="self-start"
        />
      )}
      {text === '' ? (
        <p className="p-4 text-sm text-faint">The file is empty.</p>
      ) : language === 'markdown' && way === 'rendered' ? (
        <Markdown text={text} className="px-1" />
      ) : (
        <CodeBlock code={text} language={language} label={name} />
      )}
    </div>
  );
}

/** Undefined until it is read. A character that was cut in two at the end is left out. */
function useText(blob: Blob): string | undefined {
  const [text, setText] = useState<string>();
  useEffect(() => {
    let wanted = true;
    void blob
      .slice(0, previewBytes)
      .arrayBuffer()
      .then((bytes) => {
        if (wanted) setText(new TextDecoder().decode(bytes, { stream: true }));
      });
    return () => {
      wanted = false;
    };
  }, [blob]);
  return text;
}
