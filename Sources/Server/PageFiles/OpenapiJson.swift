// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/openapi.json`.
  static let openapiJson = #"""
{
 "openapi": "3.1.0",
 "info": {
  "title": "bvp serve",
  "version": "1",
  "description": "The workbench's API. Every request but that of this description needs the token that `bvp serve` prints, or writes to its `--token-file`, as `Authorization: Bearer TOKEN`: there is no cookie, and no token in an address that is sent. Paths of files are relative to the workspace; those of operations to the place of the server, which may be behind a prefix such as `/node/HOST/PORT/`. Numbers that are not finite are null. Work ends when its client closes the connection, or after 20 s (noise, distributions, comparisons, reports, and what is long of the rest after 30 s) with 503. JSON is read to a depth of 32."
 },
 "servers": [
  {
   "url": ".."
  }
 ],
 "security": [
  {
   "bearer": []
  }
 ],
 "tags": [
  {
   "name": "Workspace"
  },
  {
   "name": "Problem"
  },
  {
   "name": "Solvers"
  },
  {
   "name": "Datasets"
  },
  {
   "name": "Jobs"
  },
  {
   "name": "Training"
  }
 ],
 "paths": {
  "/api/workspace": {
   "get": {
    "operationId": "workspace",
    "summary": "What the server is about.",
    "tags": [
     "Workspace"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Workspace"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   }
  },
  "/api/equation": {
   "get": {
    "operationId": "equation",
    "summary": "An equation, by its name or its path.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Equation"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     }
    ]
   },
   "post": {
    "operationId": "checkEquation",
    "summary": "Check an equation's text; an error has line and column.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Equation"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         }
        },
        "required": [
         "yaml"
        ]
       }
      }
     }
    }
   }
  },
  "/api/equations": {
   "post": {
    "operationId": "saveEquation",
    "summary": "Keep a text as an equation file, equations/NAME.yaml.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Equation"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "409": {
      "description": "It is there already, or somebody is at it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "name": {
          "type": "string",
          "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
          "description": "The file, equations/NAME.yaml in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         }
        },
        "required": [
         "name",
         "yaml"
        ]
       }
      }
     }
    }
   }
  },
  "/api/problem": {
   "post": {
    "operationId": "problem",
    "summary": "Draw a sample and solve it.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "index": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 0
         },
         "nodes": {
          "oneOf": [
           {
            "type": "integer",
            "minimum": 3,
            "maximum": 512
           },
           {
            "type": "string",
            "enum": [
             "auto"
            ]
           }
          ],
          "default": 64,
          "description": "Nodes of the collocation grid; `auto` refines until two resolutions agree (only /api/problem)."
         },
         "set": {
          "type": "object",
          "additionalProperties": {
           "type": "number"
          },
          "maxProperties": 64,
          "description": "Values for parameters that are not to be drawn, by name."
         },
         "points": {
          "type": "integer",
          "minimum": 2,
          "maximum": 2048,
          "default": 256,
          "description": "Evenly spaced points."
         }
        }
       }
      }
     }
    }
   }
  },
  "/api/matrix": {
   "post": {
    "operationId": "matrix",
    "summary": "The matrix of a sample; as CSV with b as the last column.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Matrix"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "index": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 0
         },
         "nodes": {
          "oneOf": [
           {
            "type": "integer",
            "minimum": 3,
            "maximum": 512
           },
           {
            "type": "string",
            "enum": [
             "auto"
            ]
           }
          ],
          "default": 64,
          "description": "Nodes of the collocation grid; `auto` refines until two resolutions agree (only /api/problem)."
         },
         "set": {
          "type": "object",
          "additionalProperties": {
           "type": "number"
          },
          "maxProperties": 64,
          "description": "Values for parameters that are not to be drawn, by name."
         }
        }
       }
      }
     }
    }
   }
  },
  "/api/unlisted": {
   "get": {
    "operationId": "unlisted",
    "summary": "The files and folders that no list has, and why; and where the lists end.",
    "tags": [
     "Workspace"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Unlisted"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   }
  },
  "/api/solvers": {
   "get": {
    "operationId": "solvers",
    "summary": "Who can solve a system.",
    "tags": [
     "Solvers"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Solver"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   }
  },
  "/api/solve": {
   "post": {
    "operationId": "solve",
    "summary": "Solve a sample's system, noisy or not, by several solvers; errors are those to the clean solution.",
    "tags": [
     "Solvers"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Comparison"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "index": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 0
         },
         "nodes": {
          "oneOf": [
           {
            "type": "integer",
            "minimum": 3,
            "maximum": 512
           },
           {
            "type": "string",
            "enum": [
             "auto"
            ]
           }
          ],
          "default": 64,
          "description": "Nodes of the collocation grid; `auto` refines until two resolutions agree (only /api/problem)."
         },
         "set": {
          "type": "object",
          "additionalProperties": {
           "type": "number"
          },
          "maxProperties": 64,
          "description": "Values for parameters that are not to be drawn, by name."
         },
         "solvers": {
          "type": "array",
          "items": {
           "type": "string",
           "maxLength": 1024
          },
          "minItems": 1,
          "maxItems": 32,
          "description": "Names that /api/solvers lists."
         },
         "noise": {
          "type": "object",
          "properties": {
           "model": {
            "type": "string",
            "enum": [
             "relative",
             "absolute",
             "rms"
            ],
            "default": "relative"
           },
           "target": {
            "type": "string",
            "enum": [
             "A",
             "b",
             "both"
            ],
            "default": "A"
           },
           "law": {
            "type": "string",
            "enum": [
             "gaussian",
             "uniform",
             "laplace",
             "outliers"
            ],
            "default": "gaussian"
           },
           "level": {
            "type": "number",
            "minimum": 0,
            "maximum": 1e+30,
            "description": "σ; of outliers, the share of the entries."
           },
           "seed": {
            "type": "integer",
            "minimum": 0,
            "maximum": 9007199254740991,
            "default": 0
           }
          },
          "required": [
           "level"
          ]
         },
         "iterate": {
          "type": "string",
          "enum": [
           "none",
           "richardson",
           "gmres"
          ],
          "default": "none",
          "description": "Iterate with the networks as approximate inverses."
         },
         "tolerance": {
          "type": "number",
          "exclusiveMinimum": 0,
          "exclusiveMaximum": 1,
          "default": 1e-10
         }
        },
        "required": [
         "solvers"
        ]
       }
      }
     }
    }
   }
  },
  "/api/noise": {
   "post": {
    "operationId": "noise",
    "summary": "The errors of solvers on a sample's system over draws of the noise, level by level.",
    "tags": [
     "Solvers"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/NoiseCurves"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "index": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 0
         },
         "nodes": {
          "oneOf": [
           {
            "type": "integer",
            "minimum": 3,
            "maximum": 512
           },
           {
            "type": "string",
            "enum": [
             "auto"
            ]
           }
          ],
          "default": 64,
          "description": "Nodes of the collocation grid; `auto` refines until two resolutions agree (only /api/problem)."
         },
         "set": {
          "type": "object",
          "additionalProperties": {
           "type": "number"
          },
          "maxProperties": 64,
          "description": "Values for parameters that are not to be drawn, by name."
         },
         "solvers": {
          "type": "array",
          "items": {
           "type": "string",
           "maxLength": 1024
          },
          "minItems": 1,
          "maxItems": 32,
          "description": "Names that /api/solvers lists."
         },
         "noise": {
          "type": "object",
          "properties": {
           "model": {
            "type": "string",
            "enum": [
             "relative",
             "absolute",
             "rms"
            ],
            "default": "relative"
           },
           "target": {
            "type": "string",
            "enum": [
             "A",
             "b",
             "both"
            ],
            "default": "A"
           },
           "law": {
            "type": "string",
            "enum": [
             "gaussian",
             "uniform",
             "laplace",
             "outliers"
            ],
            "default": "gaussian"
           },
           "level": {
            "type": "number",
            "minimum": 0,
            "maximum": 1e+30,
            "description": "σ; of outliers, the share of the entries."
           },
           "seed": {
            "type": "integer",
            "minimum": 0,
            "maximum": 9007199254740991,
            "default": 0
           }
          },
          "required": []
         },
         "levels": {
          "type": "array",
          "items": {
           "type": "number",
           "minimum": 0,
           "maximum": 1e+30
          },
          "minItems": 1,
          "maxItems": 16
         },
         "draws": {
          "type": "integer",
          "minimum": 1,
          "maximum": 200,
          "default": 100
         },
         "only": {
          "type": "string",
          "maxLength": 1024,
          "description": "One of `solvers`, whose curve alone is computed; the command is that of all."
         }
        },
        "required": [
         "solvers",
         "levels"
        ]
       }
      }
     }
    }
   }
  },
  "/api/datasets": {
   "get": {
    "operationId": "datasets",
    "summary": "The datasets of the workspace.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Dataset"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   },
   "post": {
    "operationId": "generate",
    "summary": "Generate a dataset, datasets/NAME.safetensors.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "409": {
      "description": "It is there already, or somebody is at it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "samples": {
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000000
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "nodes": {
          "type": "integer",
          "minimum": 3,
          "maximum": 512,
          "default": 64
         },
         "labels": {
          "type": "string",
          "enum": [
           "grid",
           "resolved"
          ],
          "default": "grid"
         },
         "withSystems": {
          "type": "boolean",
          "default": false
         },
         "name": {
          "type": "string",
          "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
          "description": "The file, datasets/NAME.safetensors in the workspace."
         }
        },
        "required": [
         "equation",
         "samples",
         "name"
        ]
       }
      }
     }
    }
   }
  },
  "/api/dataset/sample": {
   "get": {
    "operationId": "sample",
    "summary": "A sample of a dataset.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Sample"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     },
     {
      "name": "sample",
      "in": "query",
      "required": true,
      "schema": {
       "type": "integer",
       "minimum": 0,
       "maximum": 1000000000
      },
      "description": ""
     },
     {
      "name": "points",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "minimum": 2,
       "maximum": 2048
      },
      "description": "Evenly spaced; 256 unless given."
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ]
   }
  },
  "/api/dataset/distribution": {
   "get": {
    "operationId": "distribution",
    "summary": "How the first samples of a dataset are distributed.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Distribution"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "minimum": 1,
       "maximum": 2000,
       "default": 500
      },
      "description": ""
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ]
   }
  },
  "/api/dataset/file": {
   "get": {
    "operationId": "datasetFile",
    "summary": "A dataset: the file, or its samples as CSV.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "text/csv": {
        "schema": {
         "type": "string"
        }
       },
       "application/octet-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "safetensors",
        "csv"
       ],
       "default": "safetensors"
      },
      "description": "csv has `count` samples from `first`."
     },
     {
      "name": "first",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "minimum": 0,
       "maximum": 1000000000,
       "default": 0
      },
      "description": ""
     },
     {
      "name": "count",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "minimum": 1,
       "maximum": 1000,
       "default": 100
      },
      "description": ""
     }
    ]
   }
  },
  "/api/jobs": {
   "get": {
    "operationId": "jobs",
    "summary": "What this server has begun.",
    "tags": [
     "Jobs"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Job"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   }
  },
  "/api/job": {
   "get": {
    "operationId": "job",
    "summary": "One of them.",
    "tags": [
     "Jobs"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "id",
      "in": "query",
      "required": true,
      "schema": {
       "type": "integer",
       "minimum": 0,
       "maximum": 1000000000
      },
      "description": ""
     }
    ]
   }
  },
  "/api/job/stop": {
   "post": {
    "operationId": "stopJob",
    "summary": "Stop one: a training saves its state, a dataset is not written.",
    "tags": [
     "Jobs"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "id": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000
         }
        },
        "required": [
         "id"
        ]
       }
      }
     }
    }
   }
  },
  "/api/runs": {
   "get": {
    "operationId": "runs",
    "summary": "The training runs of the workspace.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Run"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   },
   "post": {
    "operationId": "train",
    "summary": "Begin a training in runs/NAME.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "409": {
      "description": "It is there already, or somebody is at it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/TrainingForm"
       }
      }
     }
    }
   }
  },
  "/api/run": {
   "get": {
    "operationId": "run",
    "summary": "A run: recipe and metrics.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/RunDetail"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ]
   }
  },
  "/api/run/resume": {
   "post": {
    "operationId": "resume",
    "summary": "Go on with a stopped run, or extend a finished one.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "409": {
      "description": "It is there already, or somebody is at it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "path": {
          "type": "string",
          "maxLength": 1024
         },
         "steps": {
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000000,
          "description": "Steps in all, to extend it."
         }
        },
        "required": [
         "path"
        ]
       }
      }
     }
    }
   }
  },
  "/api/runs/compare": {
   "get": {
    "operationId": "compare",
    "summary": "What differs between runs, and how they ended.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/RunComparison"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "explode": true,
      "schema": {
       "type": "array",
       "items": {
        "type": "string",
        "maxLength": 1024
       },
       "minItems": 1,
       "maxItems": 16
      }
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ]
   }
  },
  "/api/report": {
   "get": {
    "operationId": "report",
    "summary": "The report of runs, a page of its own.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "text/html": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "explode": true,
      "schema": {
       "type": "array",
       "items": {
        "type": "string",
        "maxLength": 1024
       },
       "minItems": 1,
       "maxItems": 16
      }
     }
    ]
   }
  },
  "/api/openapi.json": {
   "get": {
    "operationId": "openapi",
    "summary": "This description.",
    "tags": [
     "Workspace"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "object"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once, or it takes too long; try again, or ask for less.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "security": []
   }
  }
 },
 "components": {
  "securitySchemes": {
   "bearer": {
    "type": "http",
    "scheme": "bearer",
    "description": "The token of `bvp serve`, new each time that it begins."
   }
  },
  "schemas": {
   "Error": {
    "type": "object",
    "properties": {
     "message": {
      "type": "string",
      "description": "One line, as the command words it."
     },
     "line": {
      "type": "integer",
      "description": "From 1, in `yaml`."
     },
     "column": {
      "type": "integer",
      "description": "From 1."
     }
    },
    "required": [
     "message"
    ]
   },
   "Entry": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "text": {
      "type": "string"
     }
    },
    "required": [
     "name",
     "text"
    ]
   },
   "Equation": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string",
      "description": "What `equation` takes; empty where it was typed."
     },
     "isShipped": {
      "type": "boolean"
     },
     "name": {
      "type": "string"
     },
     "description": {
      "type": "string"
     },
     "equation": {
      "type": "string",
      "description": "The operator, such as −(K u′)′ = f."
     },
     "domain": {
      "type": "array",
      "items": {
       "type": "number"
      },
      "minItems": 2,
      "maxItems": 2
     },
     "parameters": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "law": {
         "$ref": "#/components/schemas/Law"
        }
       },
       "required": [
        "name",
        "law"
       ]
      }
     },
     "fields": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Entry"
      }
     },
     "coefficients": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Entry"
      }
     },
     "boundary": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Entry"
      }
     },
     "coefficientNames": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "isNonlinear": {
      "type": "boolean"
     },
     "hasJumps": {
      "type": "boolean"
     },
     "yaml": {
      "type": "string",
      "description": "The file's text."
     }
    },
    "required": [
     "path",
     "name",
     "parameters"
    ]
   },
   "Law": {
    "type": "object",
    "properties": {
     "kind": {
      "type": "string",
      "enum": [
       "uniform",
       "normal",
       "log-uniform",
       "choice",
       "number"
      ]
     },
     "text": {
      "type": "string"
     },
     "low": {
      "type": "number",
      "description": "Where the law's range begins; of a normal law, mean − 3 sd."
     },
     "high": {
      "type": "number"
     },
     "values": {
      "type": "array",
      "items": {
       "type": "number"
      }
     }
    },
    "required": [
     "kind",
     "text",
     "low",
     "high"
    ]
   },
   "Function": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "values": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     }
    },
    "required": [
     "name",
     "values"
    ]
   },
   "Problem": {
    "type": "object",
    "properties": {
     "equation": {
      "type": "string"
     },
     "nodes": {
      "type": "integer",
      "description": "Nodes of the solution, in all pieces."
     },
     "pieces": {
      "type": "integer"
     },
     "parameters": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "value": {
         "type": "number"
        }
       },
       "required": [
        "name",
        "value"
       ]
      }
     },
     "x": {
      "type": "array",
      "items": {
       "type": "number"
      },
      "description": "Ascending."
     },
     "functions": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Function"
      },
      "description": "K, f, q, v, w as far as there are such, and u, at x."
     },
     "coefficients": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Function"
      },
      "description": "|a₀|, |a₁|, … of the Chebyshev series of each function; of several pieces, that of the one with the most nodes."
     },
     "condition": {
      "type": [
       "number",
       "null"
      ],
      "description": "κ₂(A)."
     },
     "residual": {
      "type": [
       "number",
       "null"
      ],
      "description": "‖Au − b‖ / (‖A‖‖u‖ + ‖b‖)."
     },
     "tail": {
      "type": [
       "number",
       "null"
      ],
      "description": "The last coefficients of u over the largest."
     },
     "error": {
      "type": [
       "number",
       "null"
      ],
      "description": "The estimated error of u, relative to max |u|."
     },
     "warnings": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "command": {
      "type": "string",
      "description": "Lines for a shell that give these numbers; a text becomes a file first."
     },
     "milliseconds": {
      "type": "number"
     }
    },
    "required": [
     "functions"
    ]
   },
   "Matrix": {
    "type": "object",
    "properties": {
     "n": {
      "type": "integer"
     },
     "step": {
      "type": "integer",
      "description": "Rows and columns of A that one of `rows` stands for; its entry is the largest of them by size."
     },
     "rows": {
      "type": "array",
      "items": {
       "type": "array",
       "items": {
        "type": [
         "number",
         "null"
        ]
       }
      }
     },
     "condition": {
      "type": [
       "number",
       "null"
      ]
     },
     "warnings": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "command": {
      "type": "string",
      "description": "Lines for a shell that give these numbers; a text becomes a file first."
     }
    },
    "required": [
     "n",
     "rows"
    ]
   },
   "Solver": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string",
      "description": "What `solvers` takes: lu, qr, svd, …, or a checkpoint's path."
     },
     "kind": {
      "type": "string",
      "enum": [
       "classical",
       "network"
      ]
     },
     "knowledge": {
      "type": "string",
      "description": "What it knows besides A and b."
     },
     "model": {
      "type": "string"
     },
     "equation": {
      "type": "string",
      "description": "What a network was trained on."
     },
     "nodes": {
      "type": "integer"
     },
     "parameters": {
      "type": "integer"
     },
     "isLinear": {
      "type": "boolean"
     },
     "isSlow": {
      "type": "boolean",
      "description": "Whether a system takes it more than a second."
     },
     "testRelativeMSE": {
      "type": [
       "number",
       "null"
      ]
     },
     "problem": {
      "type": "string",
      "description": "Why a file cannot be used; empty where it can."
     },
     "remark": {
      "type": "string",
      "description": "What cannot be told of it."
     }
    },
    "required": [
     "name",
     "kind"
    ]
   },
   "Solution": {
    "type": "object",
    "properties": {
     "solver": {
      "type": "string"
     },
     "isTrained": {
      "type": "boolean",
      "description": "Whether the network has learned from this very sample, so that its error says nothing of others."
     },
     "u": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     },
     "error": {
      "type": [
       "number",
       "null"
      ],
      "description": "‖û − u‖²/‖u‖² at the nodes."
     },
     "maximumError": {
      "type": [
       "number",
       "null"
      ],
      "description": "max |û − u| / max |u|."
     },
     "residual": {
      "type": [
       "number",
       "null"
      ],
      "description": "‖S(Aû − b)‖/‖Sf‖, rows scaled to unit norm."
     },
     "milliseconds": {
      "type": "number"
     },
     "doubts": {
      "type": "array",
      "items": {
       "type": "string"
      },
      "description": "Why a network's answer should not be believed: what is unlike its training."
     },
     "low": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "The conformal band, where the checkpoint has one."
     },
     "high": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     },
     "coverage": {
      "type": [
       "number",
       "null"
      ]
     },
     "history": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "‖b − Ax‖/‖b‖ after each step of the iteration."
     },
     "isConverged": {
      "type": "boolean"
     },
     "failure": {
      "type": "string",
      "description": "Why there is no solution."
     }
    },
    "required": [
     "solver"
    ]
   },
   "Comparison": {
    "type": "object",
    "properties": {
     "x": {
      "type": "array",
      "items": {
       "type": "number"
      }
     },
     "u": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "The clean system's solution, by LU."
     },
     "condition": {
      "type": [
       "number",
       "null"
      ]
     },
     "solutions": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Solution"
      }
     },
     "command": {
      "type": "string",
      "description": "Lines for a shell, of a clean system those that give the solutions, of a noisy one those that give the relative errors; what no command gives is said after #."
     },
     "warnings": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "x",
     "solutions"
    ]
   },
   "NoiseCurve": {
    "type": "object",
    "properties": {
     "solver": {
      "type": "string"
     },
     "median": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "Of ‖û − u‖²/‖u‖² over the draws, at each level."
     },
     "p10": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     },
     "p90": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     },
     "failure": {
      "type": "string"
     }
    },
    "required": [
     "solver",
     "median"
    ]
   },
   "NoiseCurves": {
    "type": "object",
    "properties": {
     "levels": {
      "type": "array",
      "items": {
       "type": "number"
      }
     },
     "draws": {
      "type": "integer"
     },
     "curves": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/NoiseCurve"
      }
     },
     "command": {
      "type": "string",
      "description": "Lines for a shell that give the curves of all `solvers`; those that are left out are named after #."
     }
    },
    "required": [
     "levels",
     "curves"
    ]
   },
   "Dataset": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "kind": {
      "type": "string",
      "enum": [
       "dataset",
       "systems"
      ],
      "description": "Samples of an equation, or systems of none that `bvp import` has made: for trainings."
     },
     "equation": {
      "type": "string"
     },
     "samples": {
      "type": "integer"
     },
     "nodes": {
      "type": "integer"
     },
     "seed": {
      "type": "integer"
     },
     "first": {
      "type": "integer"
     },
     "bytes": {
      "type": "integer"
     },
     "modified": {
      "type": "number",
      "description": "Seconds since 1970."
     },
     "labels": {
      "type": "string"
     },
     "problem": {
      "type": "string"
     }
    },
    "required": [
     "path",
     "kind",
     "samples"
    ]
   },
   "Sample": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "sample": {
      "type": "integer"
     },
     "index": {
      "type": "integer"
     },
     "parameters": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "value": {
         "type": "number"
        }
       },
       "required": [
        "name",
        "value"
       ]
      }
     },
     "x": {
      "type": "array",
      "items": {
       "type": "number"
      }
     },
     "functions": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Function"
      }
     },
     "coefficients": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Function"
      }
     },
     "condition": {
      "type": [
       "number",
       "null"
      ],
      "description": "κ₂(A); left out beyond order 1024."
     },
     "residual": {
      "type": [
       "number",
       "null"
      ]
     },
     "tail": {
      "type": [
       "number",
       "null"
      ]
     },
     "warnings": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "command": {
      "type": "string"
     }
    },
    "required": [
     "x",
     "functions"
    ]
   },
   "Distribution": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "count": {
      "type": "integer",
      "description": "The samples that were looked at, the first ones."
     },
     "parameters": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "law": {
         "$ref": "#/components/schemas/Law"
        },
        "values": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        }
       },
       "required": [
        "name",
        "law",
        "values"
       ]
      }
     },
     "condition": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "κ₂(A) of each sample; null beyond order 1024."
     },
     "tail": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "The last Chebyshev coefficients of u over the largest, of each."
     },
     "labelError": {
      "type": "object",
      "properties": {
       "median": {
        "type": [
         "number",
         "null"
        ]
       },
       "p90": {
        "type": [
         "number",
         "null"
        ]
       },
       "samples": {
        "type": "integer"
       }
      },
      "description": "‖u − u*‖²/‖u*‖² against the resolved solution; missing where the file does not say."
     },
     "warnings": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "command": {
      "type": "string"
     }
    },
    "required": [
     "parameters"
    ]
   },
   "Job": {
    "type": "object",
    "properties": {
     "id": {
      "type": "integer"
     },
     "kind": {
      "type": "string",
      "enum": [
       "generate",
       "pretrain",
       "finetune"
      ]
     },
     "state": {
      "type": "string",
      "enum": [
       "running",
       "stopping",
       "finished",
       "stopped",
       "failed"
      ]
     },
     "path": {
      "type": "string",
      "description": "What it makes, in the workspace."
     },
     "command": {
      "type": "string"
     },
     "done": {
      "type": "integer"
     },
     "total": {
      "type": "integer"
     },
     "unit": {
      "type": "string"
     },
     "rate": {
      "type": [
       "number",
       "null"
      ],
      "description": "Units a second."
     },
     "secondsLeft": {
      "type": [
       "number",
       "null"
      ]
     },
     "message": {
      "type": "string",
      "description": "The last line that it said; of one that failed, why."
     },
     "began": {
      "type": "number"
     }
    },
    "required": [
     "id",
     "kind",
     "state"
    ]
   },
   "Run": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "verb": {
      "type": "string",
      "enum": [
       "pretrain",
       "finetune",
       "newton train"
      ]
     },
     "equation": {
      "type": "string"
     },
     "model": {
      "type": "string"
     },
     "state": {
      "type": "string",
      "enum": [
       "running",
       "stopped",
       "finished",
       "broken"
      ]
     },
     "step": {
      "type": "integer"
     },
     "totalSteps": {
      "type": "integer"
     },
     "testMSE": {
      "type": [
       "number",
       "null"
      ]
     },
     "testRelativeMSE": {
      "type": [
       "number",
       "null"
      ]
     },
     "seconds": {
      "type": [
       "number",
       "null"
      ]
     },
     "modified": {
      "type": "number"
     },
     "job": {
      "type": [
       "integer",
       "null"
      ],
      "description": "The job that trains it, where this server began it."
     },
     "problem": {
      "type": "string",
      "description": "What is wrong with a broken one, or cannot be told of another."
     }
    },
    "required": [
     "path",
     "state"
    ]
   },
   "RunDetail": {
    "type": "object",
    "properties": {
     "run": {
      "$ref": "#/components/schemas/Run"
     },
     "recipe": {
      "type": "string",
      "description": "recipe.yaml."
     },
     "command": {
      "type": "string",
      "description": "The line that began the run, and those that have extended it."
     },
     "columns": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "rows": {
      "type": "array",
      "items": {
       "type": "array",
       "items": {
        "type": [
         "number",
         "null"
        ]
       }
      },
      "description": "metrics.csv: epoch, step, samples, lr, train_mse, test_mse, test_relative_mse, seconds."
     },
     "samplesPerSecond": {
      "type": [
       "number",
       "null"
      ]
     },
     "secondsLeft": {
      "type": [
       "number",
       "null"
      ]
     }
    },
    "required": [
     "run",
     "rows"
    ]
   },
   "RunComparison": {
    "type": "object",
    "properties": {
     "header": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "rows": {
      "type": "array",
      "items": {
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "description": "A row for each run: its name, the settings that not all have alike, how it ended."
     },
     "numeric": {
      "type": "array",
      "items": {
       "type": "boolean"
      },
      "description": "Which columns are numbers."
     },
     "curves": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "path": {
         "type": "string"
        },
        "steps": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        },
        "testMSE": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        },
        "testRelativeMSE": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        },
        "trainMSE": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        }
       },
       "required": [
        "path",
        "steps"
       ]
      }
     },
     "command": {
      "type": "string"
     }
    },
    "required": [
     "header",
     "rows"
    ]
   },
   "TrainingForm": {
    "type": "object",
    "properties": {
     "verb": {
      "type": "string",
      "enum": [
       "pretrain",
       "finetune"
      ]
     },
     "equation": {
      "type": "string",
      "maxLength": 1024,
      "description": "That of the data unless it is given; imported systems have none."
     },
     "name": {
      "type": "string",
      "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
      "description": "The run's folder, runs/NAME in the workspace."
     },
     "from": {
      "type": "string",
      "maxLength": 1024,
      "description": "A checkpoint, to fine-tune."
     },
     "model": {
      "type": "string",
      "enum": [
       "algebraformer",
       "polya",
       "greens",
       "lstm",
       "gru"
      ]
     },
     "preset": {
      "type": "string",
      "enum": [
       "compact",
       "paper",
       "smoke"
      ]
     },
     "data": {
      "type": "string",
      "maxLength": 1024,
      "description": "A dataset in the workspace, or imported systems."
     },
     "testData": {
      "type": "string",
      "maxLength": 1024,
      "description": "What to test on; imported systems need it."
     },
     "online": {
      "type": "boolean"
     },
     "samples": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000
     },
     "nodes": {
      "type": "integer",
      "minimum": 3,
      "maximum": 512
     },
     "steps": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000
     },
     "epochs": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000
     },
     "batch": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1048576
     },
     "learningRate": {
      "type": "number",
      "exclusiveMinimum": 0,
      "maximum": 100
     },
     "width": {
      "type": "integer",
      "minimum": 1,
      "maximum": 65536
     },
     "depth": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1024
     },
     "heads": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1024
     },
     "seed": {
      "type": "integer",
      "minimum": 0,
      "maximum": 9007199254740991
     },
     "optimizer": {
      "type": "string",
      "enum": [
       "muon",
       "adamw"
      ]
     },
     "testSamples": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000
     },
     "evaluateEvery": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000
     }
    },
    "required": [
     "verb",
     "name"
    ]
   },
   "Workspace": {
    "type": "object",
    "properties": {
     "version": {
      "type": "string"
     },
     "folder": {
      "type": "string"
     },
     "threads": {
      "type": "integer"
     },
     "equations": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "path": {
         "type": "string"
        },
        "name": {
         "type": "string"
        },
        "isShipped": {
         "type": "boolean"
        },
        "problem": {
         "type": "string"
        }
       },
       "required": [
        "path",
        "name"
       ]
      }
     },
     "limits": {
      "type": "object",
      "properties": {
       "nodes": {
        "type": "integer"
       },
       "draws": {
        "type": "integer"
       },
       "samples": {
        "type": "integer"
       }
      }
     }
    },
    "required": [
     "version"
    ]
   },
   "Unlisted": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "reason": {
      "type": "string"
     }
    },
    "required": [
     "path",
     "reason"
    ]
   }
  }
 }
}

"""#
}
