/** Local files: what {@link java.nio.file.Files} leaves to do. */
@NullMarked
package dev.openmemory.backup.internal.file;

import org.jspecify.annotations.NullMarked;
