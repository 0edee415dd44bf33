/** Requests and reports of exports to one archive file and of imports from one. */
@NullMarked
package dev.openmemory.backup.archive;

import org.jspecify.annotations.NullMarked;
