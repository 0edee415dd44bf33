/** Ready-made sources for a file or a folder that a plug-in adds to an installation. */
@NullMarked
package dev.openmemory.backup.source.file;

import org.jspecify.annotations.NullMarked;
