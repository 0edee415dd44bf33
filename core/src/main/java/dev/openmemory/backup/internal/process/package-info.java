/** Which process began something that another may have to end. */
@NullMarked
package dev.openmemory.backup.internal.process;

import org.jspecify.annotations.NullMarked;
