/** How to embed the library, and how to extend it. Compiled and run by the build. */
@NullMarked
package dev.openmemory.backup.examples;

import org.jspecify.annotations.NullMarked;
