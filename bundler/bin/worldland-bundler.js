#!/usr/bin/env node
// Stands in the checkout before anything is compiled, so that npm can link the command.
import '../dist/main.js'
