#!/usr/bin/env node
// For --launcher-script of the official conformance suite, which runs it with `start` or `stop`.
import './dist/officialSuite.js'
