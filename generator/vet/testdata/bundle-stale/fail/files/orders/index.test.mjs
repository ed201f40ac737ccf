import "./index.mjs";
