import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from '../ui/code-block.tsx';
import { languageOf } from './language-of.ts';

const components: Components = {
  a: ({ children, href }) => (
    <a href={href} target="_blank" rel="noreferrer noopener" className="text-accent underline">
      {children}
    </a>
  ),
  // Only pictures of this server may be loaded.
  img: ({ src, alt }) =>
    typeof src === 'string' && /^(?:\/(?!\/)|data:image\/|blob:)/.test(src) ? (
      <img src={src} alt={alt ?? ''} className="max-w-full" />
    ) : (
      <a
        href={typeof src === 'string' ? src : undefined}
        target="_blank"
        rel="noreferrer noopener"
        className="text-accent underline"
      >
        {alt === undefined || alt === '' ? 'picture' : alt}
      </a>
    ),
  pre: ({ children }) => <>{children}</>,
  code: ({ children, className }) => {
    const text = String(children ?? '');
    const language = /language-([\w+-]+)/.exec(className ?? '')?.[1];
    if (language === undefined && !text.includes('\n')) return <code>{children}</code>;
    return (
      <CodeBlock code={text.replace(/\n$/, '')} language={languageOf(language ?? 'text')} label="code" />
    );
  },
  // Alignment would come as an inline style.
  th: ({ children }) => <th>{children}</th>,
  td: ({ children }) => <td>{children}</td>,
};

const plugins = [remarkGfm];

export function MarkdownText({ text }: { readonly text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={keepSafe}>
      {text}
    </ReactMarkdown>
  );
}

function keepSafe(url: string): string {
  return /^(?:https?:|mailto:|blob:|data:image\/(?:png|jpeg|gif|webp);|[/#?]|[^:]*$)/i.test(url) ? url : '';
}
