import type { AttachedFile, DocumentPart, ImagePart, TextPart } from '../turn/index.ts';
import { toImageType } from './decode-media.ts';
import { fileNotFound, unsupportedContent } from './errors.ts';
import { type FindFile, type UploadedFile, uploadPath } from './uploaded-files.ts';

export type FilePart = TextPart | ImagePart | DocumentPart;

/** Turns a file's id into what the model is given; `param` is where the id stands in the request. */
export type ResolveFile = (id: string, param: string, wanted: 'file' | 'image') => FilePart[];

export interface FileAttacherOptions {
  /** Absent: there are no uploaded files. */
  readonly findFile?: FindFile | undefined;
  /** The agent can read files in its workspace: every file goes there, and the model is told where it is. */
  readonly intoWorkspace: boolean;
}

/**
 * What a conversation says by naming an uploaded file: its content, where Claude can read that, and its path, where
 * an agent can. Remembers what has to be in the workspace.
 */
export class FileAttacher {
  readonly #options: FileAttacherOptions;
  readonly #attached = new Map<string, AttachedFile>();

  constructor(options: FileAttacherOptions) {
    this.#options = options;
  }

  /** In the order in which they were named first. */
  get attached(): readonly AttachedFile[] {
    return [...this.#attached.values()];
  }

  /** Throws a WireError: 404 for a file that is not there, 400 for one that the model cannot be given. */
  readonly resolve: ResolveFile = (id, param, wanted) => {
    const file = this.#options.findFile?.(id);
    if (file === undefined) throw fileNotFound(id, param);
    return this.#tell(id, file, param, wanted);
  };

  /** For a conversation that this server keeps: it goes on, even if a file of it has been deleted since. */
  readonly recall: ResolveFile = (id, param, wanted) => {
    const file = this.#options.findFile?.(id);
    if (file !== undefined) return this.#tell(id, file, param, wanted);
    return [{ type: 'text', text: `Attached file: ${JSON.stringify(id)}, which has been deleted since.` }];
  };

  #tell(id: string, file: UploadedFile, param: string, wanted: 'file' | 'image'): FilePart[] {
    const { filename, mediaType } = file;
    if (wanted === 'image' && !mediaType.startsWith('image/')) {
      throw unsupportedContent(param, `Invalid '${param}': the file '${id}' is no image but '${mediaType}'.`);
    }
    const content = toContent(file);
    if (this.#options.intoWorkspace) {
      const path = uploadPath(id, filename);
      this.#attached.set(id, { id, filename, mediaType, path });
      return [...content, { type: 'text', text: `Attached file: ${path}` }];
    }
    if (content.length > 0) return content;
    throw unsupportedContent(
      param,
      `Invalid '${param}': Claude cannot read the file '${id}' ('${mediaType}') by itself; it takes PDF, text up to ` +
        '256 KiB, and images (PNG, JPEG, GIF, WebP) up to 3.75 MiB. A profile with built-in tools and a workspace, such as ' +
        "'agent', takes any file.",
    );
  }
}

function toContent({ filename, mediaType, content }: UploadedFile): FilePart[] {
  switch (content?.kind) {
    case undefined:
      return [];
    case 'text':
      if (content.text.trim() === '') return [];
      return [{ type: 'document', source: { kind: 'text', text: content.text }, filename }];
    case 'base64': {
      const { data } = content;
      if (data === '') return [];
      const imageType = toImageType(mediaType);
      if (imageType !== undefined) {
        return [{ type: 'image', source: { kind: 'base64', mediaType: imageType, data } }];
      }
      return [{ type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data }, filename }];
    }
  }
}
