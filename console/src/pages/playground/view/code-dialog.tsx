import { useState } from 'react';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { toCurl, toJavaScript, toPython } from '../../run/actions/code-samples.ts';
import type { PlaygroundRequest } from '../state/build-request.ts';

interface CodeDialogProps {
  readonly request: PlaygroundRequest;
  readonly onClose: () => void;
}

type Language = 'curl' | 'python' | 'javascript';

/** The request as code. */
export function CodeDialog({ request: { endpoint, body }, onClose }: CodeDialogProps) {
  const [language, setLanguage] = useState<Language>('curl');
  const sample = { method: 'POST', endpoint, origin: location.origin, body };
  const tabs = [
    { value: 'curl', label: 'curl', code: toCurl(sample), language: 'bash' },
    { value: 'python', label: 'Python', code: toPython(sample), language: 'python' },
    { value: 'javascript', label: 'JavaScript', code: toJavaScript(sample), language: 'javascript' },
  ] as const;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="View code"
      description={
        <>
          The request that would be sent now. The key is read from{' '}
          <code className="font-mono">OPENAI_API_KEY</code>.
        </>
      }
      size="xl"
    >
      <Tabs
        label="Language"
        value={language}
        onChange={setLanguage}
        tabs={tabs.map((tab) => ({
          value: tab.value,
          label: tab.label,
          content: <CodeBlock code={tab.code} language={tab.language} label={`the ${tab.label} code`} wrap />,
        }))}
      />
    </Dialog>
  );
}
