/** Tests of the control of containers. */
@NullMarked
package dev.openmemory.backup.docker.internal.control;

import org.jspecify.annotations.NullMarked;
