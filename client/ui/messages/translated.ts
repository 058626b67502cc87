/** The same keys and parameters as the Chinese catalogue, with any words: a missing translation is a type error. */
export type Translated<Source> = {
  readonly [Key in keyof Source]: Source[Key] extends string
    ? string
    : Source[Key] extends (...parameters: infer Parameters) => string
      ? (...parameters: Parameters) => string
      : Translated<Source[Key]>;
};
