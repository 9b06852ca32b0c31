/** Names of the DOM that files shared with the page use, and Node's types don't have. */
type BlobPart = NodeJS.ArrayBufferView | ArrayBuffer | Blob | string;
