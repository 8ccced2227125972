// The element interfaces of HTML as data: parent, and the attributes that only reflect content attributes.
// <https://html.spec.whatwg.org/multipage/indices.html#element-interfaces>
//
// A reflected attribute is `property[=attribute][:kind]`; the attribute's name is the property's in lower case unless given. Kinds:
// string (if none), url, bool, long(default), ulong(default), nonnegative, positive(default), fallback(default),
// clamp(lowest,highest,default), enum(value|value;missing;invalid), nullable(value|value;invalid); made in html/reflection.js.
(realm) => {
  "use strict";
  const policy = "referrerPolicy:enum(no-referrer|no-referrer-when-downgrade|same-origin|origin|strict-origin|origin-when-cross-origin|strict-origin-when-cross-origin|unsafe-url;;)";
  const crossOrigin = "crossOrigin:nullable(anonymous|use-credentials;anonymous)";
  const loading = "loading:enum(lazy|eager;eager;eager)";
  const priority = "fetchPriority:enum(high|low|auto;auto;auto)";
  const target = "formTarget formNoValidate:bool formMethod:enum(get|post|dialog;;get)";
  const encodings = "application/x-www-form-urlencoded|multipart/form-data|text/plain";
  const formEncoding = `formEnctype:enum(${encodings};;application/x-www-form-urlencoded)`;
  const inputTypes =
    "hidden|text|search|tel|url|email|password|date|month|week|time|datetime-local|number|range|color|checkbox|radio|file|submit|image|reset|button";
  const cellAlign = "align ch=char chOff=charoff vAlign";
  const media = `src:url ${crossOrigin} preload:enum(none|metadata|auto;metadata;metadata) autoplay:bool loop:bool controls:bool defaultMuted=muted:bool`;

  // [name, parent (HTMLElement if empty), reflected attributes]
  realm.htmlInterfaces = [
    ["HTMLUnknownElement", "", ""],
    ["HTMLAnchorElement", "", `target download ping rel hreflang type ${policy} coords charset name rev shape`],
    ["HTMLAreaElement", "", `alt coords shape target download ping rel ${policy} noHref:bool`],
    ["HTMLMediaElement", "", media],
    ["HTMLAudioElement", "HTMLMediaElement", ""],
    ["HTMLVideoElement", "HTMLMediaElement", "width:ulong(0) height:ulong(0) poster:url playsInline:bool"],
    ["HTMLBRElement", "", "clear"],
    ["HTMLBaseElement", "", "target"],
    ["HTMLBodyElement", "", "background"],
    ["HTMLButtonElement", "", `disabled:bool ${target} ${formEncoding} name value`],
    ["HTMLCanvasElement", "", "width:ulong(300) height:ulong(150)"],
    ["HTMLDListElement", "", "compact:bool"],
    ["HTMLDataElement", "", "value"],
    ["HTMLDataListElement", "", ""],
    ["HTMLDetailsElement", "", "name open:bool"],
    ["HTMLDialogElement", "", "open:bool"],
    ["HTMLDirectoryElement", "", "compact:bool"],
    ["HTMLDivElement", "", "align"],
    ["HTMLEmbedElement", "", "src:url type width height align name"],
    ["HTMLFieldSetElement", "", "disabled:bool name"],
    ["HTMLFontElement", "", "face size"],
    ["HTMLFormElement", "", "acceptCharset=accept-charset autocomplete:enum(on|off;on;on) name noValidate:bool target rel"],
    ["HTMLFrameElement", "", "name scrolling src:url frameBorder longDesc:url noResize:bool"],
    ["HTMLFrameSetElement", "", "cols rows"],
    ["HTMLHRElement", "", "align color noShade:bool size width"],
    ["HTMLHeadElement", "", ""],
    ["HTMLHeadingElement", "", "align"],
    ["HTMLHtmlElement", "", "version"],
    [
      "HTMLIFrameElement",
      "",
      `src:url srcdoc name allow allowFullscreen:bool width height ${policy} ${loading} align scrolling frameBorder longDesc:url`,
    ],
    [
      "HTMLImageElement",
      "",
      `alt src:url srcset sizes ${crossOrigin} useMap isMap:bool ${policy} decoding:enum(sync|async|auto;auto;auto) ${loading} ${priority} ` +
        "name lowsrc:url align hspace:ulong(0) vspace:ulong(0) longDesc:url",
    ],
    [
      "HTMLInputElement",
      "",
      `accept alt autocomplete defaultChecked=checked:bool dirName disabled:bool ${target} ${formEncoding} max maxLength:nonnegative min ` +
        "minLength:nonnegative multiple:bool name pattern placeholder readOnly:bool required:bool size:positive(20) src:url step " +
        `type:enum(${inputTypes};text;text) defaultValue=value align useMap`,
    ],
    ["HTMLLIElement", "", "value:long(0) type"],
    ["HTMLLabelElement", "", "htmlFor=for"],
    ["HTMLLegendElement", "", "align"],
    [
      "HTMLLinkElement",
      "",
      `href:url ${crossOrigin} rel as:enum(fetch|audio|audioworklet|document|embed|font|frame|iframe|image|json|manifest|object|paintworklet|report|` +
        `script|serviceworker|sharedworker|style|track|video|webidentity|worker|xslt;;) media integrity hreflang type imageSrcset imageSizes ${policy} ` +
        `disabled:bool ${priority} charset rev target`,
    ],
    ["HTMLMapElement", "", "name"],
    ["HTMLMarqueeElement", "", "behavior bgColor direction height hspace:ulong(0) scrollAmount:ulong(6) scrollDelay:ulong(85) trueSpeed:bool vspace:ulong(0) width"],
    ["HTMLMenuElement", "", "compact:bool"],
    ["HTMLMetaElement", "", "name httpEquiv=http-equiv content media scheme"],
    ["HTMLMeterElement", "", ""],
    ["HTMLModElement", "", "cite:url dateTime"],
    ["HTMLOListElement", "", "reversed:bool start:long(1) type compact:bool"],
    [
      "HTMLObjectElement",
      "",
      "data:url type name useMap width height align archive code declare:bool hspace:ulong(0) standby vspace:ulong(0) codeBase:url codeType",
    ],
    ["HTMLOptGroupElement", "", "disabled:bool label"],
    ["HTMLOptionElement", "", "disabled:bool defaultSelected=selected:bool"],
    ["HTMLOutputElement", "", "name"],
    ["HTMLParagraphElement", "", "align"],
    ["HTMLParamElement", "", "name value type valueType"],
    ["HTMLPictureElement", "", ""],
    ["HTMLPreElement", "", "width:long(0)"],
    ["HTMLProgressElement", "", ""],
    ["HTMLQuoteElement", "", "cite:url"],
    [
      "HTMLScriptElement",
      "",
      `src:url type noModule:bool defer:bool ${crossOrigin} integrity ${policy} ${priority} charset event htmlFor=for`,
    ],
    ["HTMLSelectElement", "", "autocomplete disabled:bool multiple:bool name required:bool size:ulong(0)"],
    ["HTMLSlotElement", "", "name"],
    ["HTMLSourceElement", "", "src:url type srcset sizes media width:ulong(0) height:ulong(0)"],
    ["HTMLSpanElement", "", ""],
    ["HTMLStyleElement", "", "media type"],
    ["HTMLTableCaptionElement", "", "align"],
    [
      "HTMLTableCellElement",
      "",
      "colSpan:clamp(1,1000,1) rowSpan:clamp(0,65534,1) headers scope:enum(row|col|rowgroup|colgroup;;) abbr " +
        `${cellAlign} axis height width noWrap:bool`,
    ],
    ["HTMLTableColElement", "", `span:clamp(1,1000,1) ${cellAlign} width`],
    ["HTMLTableElement", "", "align border frame rules summary width"],
    ["HTMLTableRowElement", "", cellAlign],
    ["HTMLTableSectionElement", "", cellAlign],
    ["HTMLTemplateElement", "", ""],
    [
      "HTMLTextAreaElement",
      "",
      "autocomplete cols:fallback(20) dirName disabled:bool maxLength:nonnegative minLength:nonnegative name placeholder readOnly:bool required:bool " +
        "rows:fallback(2) wrap",
    ],
    ["HTMLTimeElement", "", "dateTime"],
    ["HTMLTitleElement", "", ""],
    ["HTMLTrackElement", "", "kind:enum(subtitles|captions|descriptions|chapters|metadata;subtitles;metadata) src:url srclang label default:bool"],
    ["HTMLUListElement", "", "compact:bool type"],
  ];
  // [LegacyNullToEmptyString] reflected strings: [interface, property, attribute].
  realm.nullToEmptyReflections = [
    ["HTMLBodyElement", "text", "text"],
    ["HTMLBodyElement", "bgColor", "bgcolor"],
    ["HTMLBodyElement", "link", "link"],
    ["HTMLBodyElement", "vLink", "vlink"],
    ["HTMLBodyElement", "aLink", "alink"],
    ["HTMLFontElement", "color", "color"],
    ["HTMLFrameElement", "marginHeight", "marginheight"],
    ["HTMLFrameElement", "marginWidth", "marginwidth"],
    ["HTMLIFrameElement", "marginHeight", "marginheight"],
    ["HTMLIFrameElement", "marginWidth", "marginwidth"],
    ["HTMLImageElement", "border", "border"],
    ["HTMLObjectElement", "border", "border"],
    ["HTMLTableElement", "bgColor", "bgcolor"],
    ["HTMLTableElement", "cellPadding", "cellpadding"],
    ["HTMLTableElement", "cellSpacing", "cellspacing"],
    ["HTMLTableCellElement", "bgColor", "bgcolor"],
    ["HTMLTableRowElement", "bgColor", "bgcolor"],
  ];
  // Token lists: [interface, property, attribute, supported tokens or null].
  const linkTypes = ["noreferrer", "noopener", "opener"];
  realm.tokenListReflections = [
    ["HTMLAnchorElement", "relList", "rel", linkTypes],
    ["HTMLAreaElement", "relList", "rel", linkTypes],
    ["HTMLFormElement", "relList", "rel", linkTypes],
    ["HTMLLinkElement", "relList", "rel", ["stylesheet", "icon", "alternate"]],
    ["HTMLLinkElement", "sizes", "sizes", null],
    ["HTMLOutputElement", "htmlFor", "for", null],
    ["HTMLIFrameElement", "sandbox", "sandbox", ["allow-forms", "allow-modals", "allow-popups", "allow-same-origin", "allow-scripts", "allow-top-navigation"]],
  ];
}
