/** How hard the model thinks. */
export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';
