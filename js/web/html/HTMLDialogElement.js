// To come.
(realm) => {
  "use strict";
}
